import type { VNode } from "preact";
import type { ChartDeclaration, LimitDeclaration, StepDeclaration } from "../../workflows/declaration.ts";
import { shareInWords, shareOf, whoDoes } from "./procedure-words.ts";

/** As wide as a phone shows without shrinking its words. */
const WIDTH = 340;
const TEXT_X = 48;
const BAR = WIDTH - TEXT_X - 14;
const NAME_CHARACTERS = 30;
const SMALL_CHARACTERS = 42;

interface Drawn {
  step: StepDeclaration;
  y: number;
  height: number;
  name: string[];
  small: string[];
  /** Where its time begins and how much it is, as parts of the whole. */
  from: number;
  share: number;
}

/**
 * The procedure's own steps as a drawing: one below the other, who has each, and its part of the time as a bar that
 * begins where the one before ended. The same stands as text beside it, so the drawing has one short name.
 */
export function FlowDrawing({
  chart,
  limit,
  name,
}: {
  chart: ChartDeclaration;
  limit: LimitDeclaration | null;
  name: string;
}): VNode {
  const steps = layOut(chart, limit);
  const last = steps.at(-1);
  const end = (last === undefined ? 60 : last.y + last.height) + 20;
  return (
    <svg
      class="flow"
      viewBox={`0 0 ${WIDTH} ${end + 44}`}
      width={WIDTH}
      height={end + 44}
      role="img"
      aria-label={name}
    >
      <line class="flow-line" x1="20" y1="22" x2="20" y2={end + 20} />
      <Terminal y={2} text="Bạn nộp hồ sơ" />
      {steps.map((drawn, at) => (
        <Step drawn={drawn} number={at + 1} />
      ))}
      <Terminal y={end} text="Bạn nhận kết quả" />
    </svg>
  );
}

function Terminal({ y, text }: { y: number; text: string }): VNode {
  return (
    <g>
      <rect class="flow-end" x="2" y={y} width="180" height="40" rx="20" />
      <text class="flow-end-text" x="92" y={y + 25} text-anchor="middle">
        {text}
      </text>
    </g>
  );
}

function Step({ drawn, number }: { drawn: Drawn; number: number }): VNode {
  const { y, height, name, small, from, share } = drawn;
  const barY = y + height - 16;
  return (
    <g>
      <rect class="flow-box" x="36" y={y} width={WIDTH - 37} height={height} rx="6" />
      <circle class="flow-dot" cx="20" cy={y + 24} r="14" />
      <text class="flow-number" x="20" y={y + 29} text-anchor="middle">
        {number}
      </text>
      {name.map((line, at) => (
        <text class="flow-name" x={TEXT_X} y={y + 24 + at * 20}>
          {line}
        </text>
      ))}
      {small.map((line, at) => (
        <text class="flow-small" x={TEXT_X} y={y + 24 + name.length * 20 + at * 18}>
          {line}
        </text>
      ))}
      {share > 0 && (
        <>
          <rect class="flow-track" x={TEXT_X} y={barY} width={BAR} height="6" rx="3" />
          <rect
            class="flow-time"
            x={round(TEXT_X + from * BAR)}
            y={barY}
            width={round(Math.max(3, share * BAR))}
            height="6"
            rx="3"
          />
        </>
      )}
    </g>
  );
}

function layOut({ steps, consulted = [] }: ChartDeclaration, limit: LimitDeclaration | null): Drawn[] {
  let y = 62;
  let from = 0;
  return steps.map((step) => {
    const share = shareOf(step);
    const asked =
      step.state === "consulting"
        ? consulted.flatMap(({ name, workingDays }) =>
            wrap(`• ${name} (${workingDays} ngày làm việc)`, SMALL_CHARACTERS),
          )
        : [];
    const drawn = {
      step,
      y,
      name: wrap(step.name, NAME_CHARACTERS),
      small: [
        ...wrap(whoDoes(step), SMALL_CHARACTERS),
        ...wrap(shareInWords(step, limit), SMALL_CHARACTERS).filter((line) => line !== ""),
        ...asked,
      ],
      from,
      share,
      height: 0,
    };
    drawn.height = 18 + drawn.name.length * 20 + drawn.small.length * 18 + (share > 0 ? 20 : 2);
    y += drawn.height + 12;
    from += share;
    return drawn;
  });
}

/** Breaks text into lines of at most so many characters, between words. */
function wrap(words: string, width: number): string[] {
  return words.split(/\s+/).reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || `${last} ${word}`.length > width) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}

const round = (value: number) => Math.round(value * 10) / 10;
