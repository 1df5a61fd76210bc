import { createHash } from "node:crypto";
import { num } from "../forms/page.ts";

type Point = [x: number, y: number];

/**
 * A signature in blue ink, drawn as pen strokes: the same name always gives the same hand. It stands where a person's
 * own scanned signature will (Decree 30/2020: blue, between title and name), and fills the box.
 */
export function drawHandwriting(name: string, width: number, height: number): string {
  const hand = handOf(name);
  const path = smooth(strokes(name, hand), 14);
  const xs = path.map(([x]) => x);
  const ys = path.map(([, y]) => y);
  const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const margin = 3;
  const place = ([x, y]: Point): Point => [
    margin + ((x - left) / (right - left)) * (width - 2 * margin),
    margin + ((y - bottom) / (top - bottom)) * (height - 2 * margin),
  ];
  const placed = path.map(place);
  const operators = ["0.06 0.16 0.56 RG 1 J 1 j"];
  let open = "";
  placed.forEach((point, i) => {
    const before = placed[i - 1];
    if (!before) return;
    const [dx, dy] = [point[0] - before[0], point[1] - before[1]];
    // A nib held at 40°: thick across it, thin along it; and thinner where the hand is quick.
    const across = Math.abs(Math.sin(Math.atan2(dy, dx) - 0.7));
    const quick = Math.min(1, Math.hypot(dx, dy) / 4);
    const pen = num(Math.round((0.55 + 1.25 * across - 0.35 * quick) * 5) / 5);
    if (pen !== open) {
      if (open) operators.push("S");
      operators.push(`${pen} w ${num(before[0])} ${num(before[1])} m`);
      open = pen;
    }
    operators.push(`${num(point[0])} ${num(point[1])} l`);
  });
  operators.push("S");
  return operators.join("\n");
}

/** Numbers from 0 to 1 that belong to a name. */
function handOf(name: string): () => number {
  const bytes = createHash("sha256").update(name.normalize("NFC")).digest();
  let i = 0;
  return () => (bytes[i++ % bytes.length] ?? 0) / 255;
}

/** A tall first letter with a loop, a running middle as long as the given name, and a flourish under it all. */
function strokes(name: string, hand: () => number): Point[] {
  const given = name.trim().split(/\s+/).at(-1) ?? name;
  const lean = 0.25 + hand() * 0.2;
  const tall = 0.85 + hand() * 0.3;
  const points: Point[] = [
    [0.02, 0.5 + hand() * 0.15],
    [0.14, tall * 0.95],
    [0.25, tall],
    [0.2, 0.45],
    [0.08, 0.02 - hand() * 0.1],
    [0.01, 0.12],
    [0.16, 0.42 + hand() * 0.1],
    [0.38, tall * 0.82],
    [0.42, tall * 0.98],
    [0.34, 0.4],
    [0.36, 0.16],
  ];
  let x = 0.42;
  const count = Math.min(6, Math.max(3, given.length));
  for (let i = 0; i < count; i++) {
    const size = 0.16 + hand() * 0.12 - i * 0.012;
    const step = 0.075 + hand() * 0.05;
    if (i === 1 + Math.floor(hand() * 2)) {
      points.push(
        [x + step * 0.7, 0.62 + hand() * 0.25],
        [x + step * 0.55, 0.7 + hand() * 0.2],
        [x + step * 0.35, 0.14],
      );
    } else if (i === count - 1 && hand() > 0.4) {
      points.push(
        [x + step * 0.4, 0.34],
        [x + step * 0.5, -0.22],
        [x + step * 0.1, -0.3],
        [x + step * 0.6, 0.12],
      );
    } else points.push([x + step * 0.35, 0.14 + size], [x + step * 0.75, 0.13]);
    x += step;
  }
  points.push(
    [x + 0.12, 0.3],
    [x + 0.3, 0.42 + hand() * 0.15],
    [x + 0.22, 0.2],
    [x - 0.1, -0.04 - hand() * 0.08],
    [0.3, -0.16 - hand() * 0.1],
    [0.22, -0.1],
    [0.5, 0.0],
    [x + 0.38, 0.06 + hand() * 0.08],
  );
  return points.map(([px, py]) => [px + lean * py * 0.35, py]);
}

/** A Catmull-Rom curve through the points, `steps` to each. */
function smooth(points: Point[], steps: number): Point[] {
  const at = (i: number): Point => points[Math.min(points.length - 1, Math.max(0, i))] ?? [0, 0];
  const path: Point[] = [];
  for (let i = 0; i < points.length - 1; i++) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      const curve = (p: number, q: number, r: number, s: number) =>
        0.5 *
        (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t * t * t);
      path.push([curve(a[0], b[0], c[0], d[0]), curve(a[1], b[1], c[1], d[1])]);
    }
  }
  path.push(at(points.length - 1));
  return path;
}
