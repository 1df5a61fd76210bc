import type { TableColumn } from "./table.ts";

/** How a cell looks: its place in `cellXfs` of the style sheet below. */
export interface Look {
  bold?: boolean;
  italic?: boolean;
  size?: 11 | 12 | 14;
  border?: boolean;
  align?: "center" | "left" | "right" | "top";
  format?: TableColumn["kind"];
}

const FORMATS: Readonly<Record<string, { id: number; code: string }>> = {
  number: { id: 164, code: "#,##0" },
  percent: { id: 165, code: "0.00" },
  moment: { id: 166, code: "hh:mm dd/mm/yyyy" },
  day: { id: 167, code: "dd/mm/yyyy" },
};

/** Collects the looks that a book uses, in the order in which they come up. */
export function openStyles() {
  const keys = new Map<string, number>();
  const looks: Look[] = [{}];
  keys.set(keyOf({}), 0);
  return {
    /** The number of a look. */
    of(look: Look): number {
      const key = keyOf(look);
      const known = keys.get(key);
      if (known !== undefined) return known;
      keys.set(key, looks.length);
      looks.push(look);
      return looks.length - 1;
    },
    /** xl/styles.xml of all that were asked for. */
    xml(): string {
      const formats = Object.values(FORMATS).map(
        ({ id, code }) => `<numFmt numFmtId="${id}" formatCode="${code}"/>`,
      );
      const fonts = looks.map(
        ({ bold, italic, size = 11 }) =>
          `<font>${bold === true ? "<b/>" : ""}${italic === true ? "<i/>" : ""}<sz val="${size}"/><name val="Times New Roman"/><family val="1"/></font>`,
      );
      const xfs = looks.map(({ border, align, format }, at) => {
        const id = FORMATS[format ?? ""]?.id ?? 0;
        return `<xf numFmtId="${id}" fontId="${at}" fillId="0" borderId="${border === true ? 1 : 0}" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1">${alignment(align)}</xf>`;
      });
      const thin = ["left", "right", "top", "bottom"].map((side) => `<${side} style="thin"/>`).join("");
      return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="${formats.length}">${formats.join("")}</numFmts><fonts count="${fonts.length}">${fonts.join("")}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>${thin}<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${xfs.length}">${xfs.join("")}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
    },
  };
}

export type Styles = ReturnType<typeof openStyles>;

function keyOf({ bold, italic, size, border, align, format }: Look): string {
  return [bold, italic, size, border, align, format].join(" ");
}

function alignment(align: Look["align"]): string {
  if (align === undefined) return "";
  if (align === "right") return `<alignment horizontal="right"/>`;
  if (align === "top") return `<alignment vertical="top" wrapText="1"/>`;
  return `<alignment horizontal="${align}" vertical="${align === "center" ? "center" : "top"}" wrapText="1"/>`;
}
