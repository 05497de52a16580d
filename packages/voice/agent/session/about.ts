/**
 * What the brain is told with each question. The client of OpenAI's API sends this very object each time, so what changes
 * here is in the next request.
 */
export type About = {
  room: string;
  session: string;
  /** Who speaks; empty until somebody is there. */
  user: string;
};
