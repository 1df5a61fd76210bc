/** Which dossiers are asked for; what is left out is not restricted. */
export interface FigureFilter {
  /** First and last day, both included. */
  from: string;
  to: string;
  /** Deciding agencies. */
  units?: readonly string[];
  tiers?: readonly string[];
  /** Names of fields. */
  fields?: readonly string[];
  procedures?: readonly string[];
}

export interface Condition {
  sql: string;
  values: Record<string, unknown>;
}

/** The filter as conditions on the columns of `table` (an alias with a dot, or ""), each beginning with "and". */
export function conditionOf({ units, tiers, fields, procedures }: FigureFilter, table = ""): Condition {
  const parts: string[] = [];
  const values: Record<string, unknown> = {};
  const add = (name: string, wanted: readonly string[] | undefined, sql: string) => {
    if (wanted === undefined) return;
    parts.push(`and ${sql}`);
    values[name] = [...wanted];
  };
  add("units", units, `${table}unit = any(:units)`);
  add("tiers", tiers, `${table}tier = any(:tiers)`);
  add("procedures", procedures, `${table}procedure_code = any(:procedures)`);
  add(
    "fields",
    fields,
    `${table}procedure_code in (select code from statistic_procedures where field = any(:fields))`,
  );
  return { sql: parts.join(" "), values };
}
