/** Texts asked this often are prepared; the limits keep lists of changing length from filling the server's memory. */
const OFTEN = 3;
const MOST_NAMES = 300;
const MOST_COUNTED = 3_000;

const asked = new Map<string, number>();
const names = new Map<string, string>();

/**
 * The name under which a statement is prepared, the same on every connection of this process; undefined while it is
 * rare. PostgreSQL then parses and plans it once a connection instead of each time.
 */
export function preparedName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST_NAMES) return known;
  const times = (asked.get(text) ?? 0) + 1;
  if (times < OFTEN) {
    if (asked.size >= MOST_COUNTED) asked.clear();
    asked.set(text, times);
    return undefined;
  }
  asked.delete(text);
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}

/** A statement for a pool or connection of `pg`, prepared once it is asked often. */
export function prepared(
  text: string,
  values: unknown[],
): { text: string; values: unknown[]; name?: string } {
  const name = preparedName(text);
  return { text, values, ...(name === undefined ? {} : { name }) };
}
