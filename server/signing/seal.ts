import { breakLines } from "../forms/lines.ts";
import { num } from "../forms/page.ts";
import { outlineOf } from "../forms/typeface.ts";

/**
 * The round red seal of an agency as lines and outlines: the agency above it around the rim, its own name in the
 * middle, a star below; an agency with none above has its own name around a star. Fills a square of `size` points.
 */
export function drawSeal(
  seal: { agencyName: string; parentAgencyName?: string | undefined },
  size: number,
): string {
  const radius = size / 2;
  const inner = radius * 0.68;
  const operators = [
    "0.82 0.05 0.09 RG 0.82 0.05 0.09 rg",
    `1 0 0 1 ${num(radius)} ${num(radius)} cm`,
    circle(radius - 1, 1.8),
    circle(radius - 3.4, 0.6),
    circle(inner, 0.8),
  ];
  const capitals = (text: string) => text.toLocaleUpperCase("vi");
  const band = (radius - 3.4 + inner) / 2;
  if (seal.parentAgencyName) {
    operators.push(around(capitals(seal.parentAgencyName), band, radius * 0.19));
    operators.push(middle(capitals(seal.agencyName), inner - 2.5));
  } else {
    operators.push(around(capitals(seal.agencyName), band, radius * 0.19));
    operators.push(star(0, 0, inner * 0.62));
  }
  operators.push(star(0, -band, radius * 0.11));
  return operators.join("\n");
}

function circle(radius: number, width: number): string {
  const r = num(radius);
  const k = num(radius * 0.5523);
  return (
    `${num(width)} w ${r} 0 m ${r} ${k} ${k} ${r} 0 ${r} c -${k} ${r} -${r} ${k} -${r} 0 c ` +
    `-${r} -${k} -${k} -${r} 0 -${r} c ${k} -${r} ${r} -${k} ${r} 0 c S`
  );
}

function star(x: number, y: number, radius: number): string {
  const points = Array.from({ length: 10 }, (_, i) => {
    const angle = Math.PI / 2 + (i * Math.PI) / 5;
    const reach = i % 2 === 0 ? radius : radius * 0.382;
    return `${num(x + reach * Math.cos(angle))} ${num(y + reach * Math.sin(angle))} ${i === 0 ? "m" : "l"}`;
  });
  return `${points.join(" ")} h f`;
}

/** Text around the upper rim, its letters' middle on the circle; smaller where it would reach the star below. */
function around(text: string, radius: number, wanted: number): string {
  const most = (290 / 180) * Math.PI;
  const natural = outlineOf(text, "bold", wanted);
  // Letters stand a little apart on a rim.
  const apart = 1.06;
  const size = wanted * Math.min(1, (most * radius) / (natural.width * apart));
  const { glyphs, width } = outlineOf(text, "bold", size);
  const base = radius - size * 0.33;
  const whole = (width * apart) / radius;
  return glyphs
    .map((glyph) => {
      const angle = whole / 2 - ((glyph.x + glyph.width / 2) * apart) / radius;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      // The foot of the letter's middle lies on the base circle; the letter stands upright to it.
      const x = -base * sin - (glyph.width / 2) * cos;
      const y = base * cos - (glyph.width / 2) * sin;
      return `q ${num(cos)} ${num(sin)} ${num(-sin)} ${num(cos)} ${num(x)} ${num(y)} cm\n${glyph.path}\nf Q`;
    })
    .join("\n");
}

/** Text in the middle, in the largest letters in which its lines fit the circle. */
function middle(text: string, radius: number): string {
  for (let size = radius * 0.42; ; size *= 0.94) {
    for (const share of [1.9, 1.7, 1.5, 1.3, 1.1]) {
      const lines = breakLines(text, { style: "bold", size }, radius * share);
      const leading = size * 1.12;
      const top = ((lines.length - 1) / 2) * leading;
      const fits = lines.every((line, i) => {
        const reach = Math.abs(top - i * leading) + size * 0.5;
        return reach < radius && line.width / 2 <= Math.sqrt(radius ** 2 - reach ** 2);
      });
      if (!fits && size > 2) continue;
      return lines
        .map((line, i) => {
          const words = line.words.map((word) => word.map((piece) => piece.text).join("")).join(" ");
          const { glyphs, width } = outlineOf(words, "bold", size);
          const y = top - i * leading - size * 0.33;
          return glyphs
            .map((glyph) => `q 1 0 0 1 ${num(glyph.x - width / 2)} ${num(y)} cm\n${glyph.path}\nf Q`)
            .join("\n");
        })
        .join("\n");
    }
  }
}
