/** Stops listening. */
export type Unsubscribe = () => Promise<void>;

/** What the protocol needs of Redis. */
export type Bus = {
  publish(channel: string, bytes: Uint8Array): Promise<void>;
  /** Resolves when nothing that is published from then on is missed. */
  subscribe(channel: string, listener: (bytes: Uint8Array) => void): Promise<Unsubscribe>;
  /**
   * Of all who are told of the same bytes, exactly one is first.
   *
   * @returns whether it was this call
   */
  takeOnce(bytes: Uint8Array): Promise<boolean>;
};
