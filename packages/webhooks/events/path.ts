/** The path that LiveKit's configuration names. */
export const webhookPath = '/livekit';
