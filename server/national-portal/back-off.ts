const FIRST_MS = 500;
/** Under 30 s, so that all is back to normal within 30 s of the portal's return. */
const LONGEST_MS = 20_000;

/**
 * Milliseconds to wait after the n-th failure in a row (n from 1): doubling from half a second to 20 s, without
 * an end, and anywhere in the upper half, so that many waiting do not come back at once.
 */
export function backOffMs(failures: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(full * (0.5 + random() / 2));
}
