/**
 * The columns of form II.06a/VPCP/KSTT (domain-facts 4.1): 3 = 4+5+6 to be handled, 7 = 8+9+10 handled, 11 = 12+13 still
 * open. Beside them the same of the dossiers that are listed apart: neither they nor their procedure have a limit.
 */
export interface Columns {
  /** Received in the period, online. */
  c4: number;
  /** Received in the period at the counter or by post. */
  c5: number;
  /** Carried over from before. */
  c6: number;
  /** Handled before the due day. */
  c8: number;
  /** Handled on the due day, up to the due moment. */
  c9: number;
  /** Handled late. */
  c10: number;
  /** Open, within the limit; a paused one is. */
  c12: number;
  /** Open and overdue. */
  c13: number;
  apart: Apart;
}

export interface Apart {
  received: number;
  carried: number;
  handled: number;
  open: number;
}

export interface FormColumns extends Columns {
  c3: number;
  c7: number;
  c11: number;
}

/** Thrown when figures that must agree by the form's own arithmetic do not: never hidden, never mended by a difference. */
export class FiguresDisagree extends Error {
  constructor(readonly disagreeing: string[]) {
    super(`the figures disagree (3 = 7 + 11 must hold): ${disagreeing.slice(0, 10).join("; ")}`);
    this.name = "FiguresDisagree";
  }
}

export function noColumns(): Columns {
  return {
    ...{ c4: 0, c5: 0, c6: 0, c8: 0, c9: 0, c10: 0, c12: 0, c13: 0 },
    apart: { received: 0, carried: 0, handled: 0, open: 0 },
  };
}

/** Adds the second to the first. */
export function addColumns(to: Columns, more: Columns): void {
  for (const name of ["c4", "c5", "c6", "c8", "c9", "c10", "c12", "c13"] as const) to[name] += more[name];
  for (const name of ["received", "carried", "handled", "open"] as const) to.apart[name] += more.apart[name];
}

/** With the three sums of the form. */
export function withSums(columns: Columns): FormColumns {
  const { c4, c5, c6, c8, c9, c10, c12, c13 } = columns;
  return { ...columns, c3: c4 + c5 + c6, c7: c8 + c9 + c10, c11: c12 + c13 };
}

/**
 * What of a row does not add up, in words; undefined when it does. Carried over (6) and open (11) come from what stood
 * open at two days' ends, the others from what happened in between: so this is a check and no definition.
 */
export function disagreement(columns: Columns): string | undefined {
  const { c3, c7, c11, apart } = withSums(columns);
  if (c3 !== c7 + c11) return `3 = ${c3}, 7 + 11 = ${c7} + ${c11}`;
  if (apart.carried + apart.received !== apart.handled + apart.open)
    return `apart: ${apart.carried} + ${apart.received} came, ${apart.handled} + ${apart.open} are told of`;
  return undefined;
}
