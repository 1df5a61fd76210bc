import type { Declaration } from "../../workflows/declaration.ts";

const LONGEST_NAME = 80;

/**
 * A rule's message with the papers named as the checklist names them: the machines know their codes alone ("thành phần
 * 02, 03"), which tell an officer nothing. What is no paper of the procedure stays as it is.
 */
export function withPaperNames(message: string, declaration: Declaration): string {
  return message.replace(/thành phần ([\w-]+(?:, [\w-]+)*)/u, (found, codes: string) => {
    const titles = codes
      .split(", ")
      .map((code) => declaration.documents.find((paper) => paper.code === code)?.title);
    return titles.every((title) => title !== undefined)
      ? titles.map((title) => `“${shortened(title)}”`).join(", ")
      : found;
  });
}

function shortened(title: string): string {
  if (title.length <= LONGEST_NAME) return title;
  const cut = title.slice(0, LONGEST_NAME);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), LONGEST_NAME / 2))}…`;
}
