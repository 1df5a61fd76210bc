import { advance } from "../dossier/advance.ts";
import { WORKER } from "../dossier/deps.ts";
import type { Deps } from "../dossier/deps.ts";
import { Problem } from "../platform/errors.ts";

const AT_ONCE = 200;

/**
 * Tells each dossier whose consulted agency let its limit pass that it did. A limit that passes while the citizen is
 * waited for is handled at the end of that wait. Answers how many were told.
 */
export async function passLimits(deps: Deps): Promise<number> {
  const { rows } = await deps.db.raw<{ rows: { code: string; agency: string }[] }>(
    `select d.code, c ->> 'agency' as agency
       from dossiers d, jsonb_array_elements(d.facts -> 'consultations') c
      where d.work_state = 'consulting' and d.status = 4
        and c ->> 'state' = 'waiting' and (c ->> 'dueAt')::timestamptz <= ?
      order by d.id limit ?`,
    [deps.clock.now(), AT_ONCE],
  );
  let passed = 0;
  for (const { code, agency } of rows) {
    try {
      await deps.db.transaction((trx) =>
        advance(trx, deps, code, {
          type: "LIMIT_PASSED",
          caller: WORKER,
          payload: { wait: "consultation", agency },
        }),
      );
      passed += 1;
    } catch (error) {
      // The agency answered, or another worker was first: there is nothing left to tell. Anything else must not keep
      // the dossiers behind it waiting.
      if (!(error instanceof Problem))
        deps.log.error({ err: error, dossier: code }, "a limit was not passed");
    }
  }
  return passed;
}
