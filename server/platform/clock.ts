/** The one source of "now"; whoever needs the time is handed a clock. */
export interface Clock {
  now(): Date;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() };

/**
 * A clock that showed `start` (an ISO moment) when the machine's clock showed `reference` (milliseconds), and runs
 * at normal speed. Processes with the same two values agree. Throws RangeError when `start` is no moment.
 */
export function clockFrom(start: string, reference: number = Date.now()): Clock {
  const offset = Date.parse(start) - reference;
  if (Number.isNaN(offset)) throw new RangeError(`"${start}" is no ISO moment`);
  return { now: () => new Date(Date.now() + offset) };
}

/** The clock that the settings ask for: the machine's, or one that was started elsewhere in time. */
export function openClock(setting: { start: string; reference: number } | undefined): Clock {
  return setting === undefined ? systemClock : clockFrom(setting.start, setting.reference);
}
