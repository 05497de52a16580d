/** File name of a service's compose file, in its folder. */
export const composeFileName = 'docker-compose.yml';

/** File name of what is added to it for Engines that know `start_interval`. */
export const startIntervalFileName = 'docker-compose.start-interval.yml';
