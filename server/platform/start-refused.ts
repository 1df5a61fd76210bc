/** Thrown when the program is not to be started here and now, for a reason that somebody can mend. */
export class StartRefused extends Error {
  override readonly name = "StartRefused";
}
