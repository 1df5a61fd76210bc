import type { VNode } from "preact";
import { momentInProse } from "../web/dates.ts";
import type { EventWords } from "./tell-event.ts";

/** One event as the page tells it. */
export interface HistoryEntry extends EventWords {
  seq: number;
  at: Date;
  actorName: string;
  roleName: string;
  unitName: string;
}

/** The history of a dossier, the latest first; what lies far back is folded. */
export function History({ entries }: { entries: readonly HistoryEntry[] }): VNode {
  const latestFirst = [...entries].reverse();
  const shown = latestFirst.slice(0, 8);
  const older = latestFirst.slice(8);
  return (
    <section class="card" aria-labelledby="lich-su">
      <h2 id="lich-su">Lịch sử</h2>
      <Entries entries={shown} latest />
      {older.length > 0 && (
        <details>
          <summary>{older.length} việc trước đó</summary>
          <Entries entries={older} />
        </details>
      )}
    </section>
  );
}

function Entries({ entries, latest }: { entries: readonly HistoryEntry[]; latest?: boolean }): VNode {
  return (
    <ol class="timeline history" reversed>
      {entries.map(({ at, title, lines, actorName, roleName, unitName }, index) => (
        <li class={latest === true && index === 0 ? "latest" : undefined}>
          <p>{title}</p>
          {lines.length > 0 && (
            <ul class="plain-list said">
              {lines.map(({ name, text }) => (
                <li>
                  <span class="muted">{name}:</span> {text}
                </li>
              ))}
            </ul>
          )}
          <span class="by">
            {[actorName, roleName, unitName]
              .filter((part, n, all) => part !== "" && all.indexOf(part) === n)
              .join(" · ")}
          </span>
          <time dateTime={at.toISOString()}>{momentInProse(at.toISOString())}</time>
        </li>
      ))}
    </ol>
  );
}
