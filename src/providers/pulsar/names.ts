/** `arc/events` of `arc/events/conversation`. */
export function namespaceOf(topic: string): string {
  return topic.slice(0, topic.lastIndexOf('/'));
}

/** The topic and the name of a subscription that is `arc/events/conversation/analytics`. */
export function subscriptionIn(name: string): { topic: string; subscription: string } {
  const end = name.lastIndexOf('/');
  return { topic: name.slice(0, end), subscription: name.slice(end + 1) };
}

/** `arc/events/conversation` of `persistent://arc/events/conversation`. */
export function nameIn(url: string): string {
  return url.slice(url.indexOf('://') + 3);
}
