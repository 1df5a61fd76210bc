import { shortDate, shortMoment } from "../../forms/moments.ts";
import type { Cell, TableColumn } from "./table.ts";

/** What a person reads of a cell: "16:30 20/09/2022", "20/09/2022"; nothing where there is nothing. */
export function cellText(cell: Cell, { kind }: TableColumn): string {
  if (cell === null) return "";
  if (cell instanceof Date) return kind === "day" ? shortDate(cell) : shortMoment(cell);
  if (kind === "day" && typeof cell === "string") return cell.split("-").reverse().join("/");
  return String(cell);
}
