import type { Picture } from "./picture.ts";

const text = (words: string) => words.replaceAll(/[:;"]/g, ",");

/** The picture as a Mermaid state diagram: the work, and the waits as regions beside it. */
export function mermaid({ title, steps, arrows, waits }: Picture): string {
  const inside = steps.filter(({ kind }) => kind === "step");
  const lines = [
    "---",
    `title: "${title.replaceAll('"', "'")}"`,
    "---",
    "stateDiagram-v2",
    '  state "Hồ sơ đang giải quyết" as open {',
    "    [*] --> filed",
    ...inside.map(({ state, name, who }) => `    ${state} : ${text(name)} (${text(who)})`),
    ...inside.flatMap(({ state, agencies }) =>
      agencies.map((agency) => `    ${state} : Lấy ý kiến ${text(agency)}`),
    ),
    ...inside.flatMap(({ state, here }) => here.map((label) => `    ${state} --> ${state} : ${text(label)}`)),
    ...arrows
      .filter(({ to }) => to !== "returned")
      .map(({ from, to, label }) => `    ${from} --> ${to} : ${text(label)}`),
    ...waits.flatMap(({ name, opens, closes, status }) => [
      "    --",
      `    state "Không chờ" as free${status}`,
      `    state "${name} (${status})" as wait${status}`,
      `    [*] --> free${status}`,
      `    free${status} --> wait${status} : ${text(opens.join(", "))}`,
      `    wait${status} --> free${status} : ${text(closes.join(", "))}`,
    ]),
    "  }",
    '  state "Đã trả kết quả (10)" as returned',
    '  state "Không được tiếp nhận (3)" as refused',
    '  state "Dừng xử lý (8)" as stopped',
    "  [*] --> open",
    "  open --> returned : Trả kết quả",
    "  open --> refused : Từ chối tiếp nhận",
    "  open --> stopped : Dừng giải quyết, xác nhận cho rút",
    ...["returned", "refused", "stopped"].map((state) => `  ${state} --> [*]`),
  ];
  return `${lines.join("\n")}\n`;
}
