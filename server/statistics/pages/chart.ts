import type { EChartsOption } from "echarts";

/** What a chart shows: names along one side, and a number a name for each series. */
export interface Chart {
  /** What is seen, in a sentence: who does not see it reads this, and the table beside it. */
  title: string;
  names: readonly string[];
  series: readonly { name: string; values: readonly (number | null)[]; tone: Tone; line?: boolean }[];
  /** Bars lie down: for long names, that may have line breaks. */
  lying?: boolean;
  /** One upon the other. */
  stacked?: boolean;
  /** Of a second scale, for series that are lines. */
  percent?: boolean;
}

export type Tone = "lam" | "late" | "soon" | "done" | "paused" | "muted";

/** The tokens of the look (base.css); a picture cannot ask a style sheet. */
const TONES: Record<Tone, string> = {
  lam: "#0b4f8a",
  late: "#a11b12",
  soon: "#b57a18",
  done: "#17603a",
  paused: "#4b3b8f",
  muted: "#8a94a3",
};
/** Narrow enough that its words can still be read on a telephone, where it shrinks a little and then scrolls. */
const WIDTH = 500;
/** Names beside lying bars: so many letters a line, so high. */
const NAME_LETTERS = 30;
const NAME_LINE = 15;

/**
 * A chart as SVG, drawn here: it is read without scripts and needs no style sheet of its own, which the pages' policy would
 * refuse. The library is loaded with the first chart.
 */
export async function drawChart(chart: Chart): Promise<string> {
  const [{ init, use }, charts, components, { SVGRenderer }] = await Promise.all([
    import("echarts/core"),
    import("echarts/charts"),
    import("echarts/components"),
    import("echarts/renderers"),
  ]);
  use([charts.BarChart, charts.LineChart, components.GridComponent, components.LegendComponent, SVGRenderer]);
  const height = chart.lying === true ? lyingHeight(chart) : 300;
  const drawn = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  try {
    drawn.setOption(optionOf(chart));
    return plain(drawn.renderToSVGString(), chart.title);
  } finally {
    drawn.dispose();
  }
}

/** Every bar has room for the longest of the names, so that none of them is left out or written over another. */
function lyingHeight({ names }: Chart): number {
  const lines = Math.max(...names.map((name) => inLines(name).length), 2);
  return 70 + (lines * NAME_LINE + 12) * Math.max(2, names.length);
}

/** A name in lines that fit beside its bar; a line break in it stays. */
function inLines(name: string): string[] {
  return name.split("\n").flatMap((part) => {
    const lines: string[] = [];
    for (const word of part.split(" ")) {
      const line = lines.at(-1);
      if (line !== undefined && line.length + 1 + word.length <= NAME_LETTERS)
        lines[lines.length - 1] = `${line} ${word}`;
      else lines.push(word);
    }
    return lines;
  });
}

function optionOf({ names, series, lying, stacked, percent }: Chart): EChartsOption {
  const text = { fontSize: 13, color: "#1c2430" };
  const category = {
    type: "category" as const,
    data: names.map((name) => (lying === true ? inLines(name).join("\n") : name)),
    axisLabel: {
      ...text,
      // Twelve months side by side have room for every second name: the last is one of them.
      interval: (at: number) => lying === true || names.length <= 8 || (names.length - 1 - at) % 2 === 0,
      ...(lying === true ? { fontSize: 12, lineHeight: NAME_LINE } : { fontSize: 11 }),
    },
    axisTick: { show: false },
    ...(lying === true ? { inverse: true } : {}),
  };
  const numbers = {
    type: "value" as const,
    minInterval: 1,
    axisLabel: { ...text, formatter: (value: number) => value.toLocaleString("vi-VN") },
    splitLine: { lineStyle: { color: "#dfe3e8" } },
  };
  const rate = {
    ...{ type: "value" as const, min: 0, max: 100, splitLine: { show: false } },
    axisLabel: { ...text, formatter: "{value} %" },
  };
  return {
    animation: false,
    legend: {
      top: 0,
      left: 0,
      textStyle: text,
      itemWidth: 16,
      itemHeight: 10,
      data: series.map(({ name }) => name),
    },
    grid: {
      left: 8,
      right: 16,
      top: 40,
      bottom: 8,
      outerBoundsMode: "same" as const,
      outerBoundsContain: "axisLabel" as const,
    },
    xAxis: lying === true ? numbers : category,
    yAxis: lying === true ? category : percent === true ? [numbers, rate] : numbers,
    series: series.map(({ name, values, tone, line }) =>
      line === true
        ? {
            ...{
              type: "line" as const,
              name,
              data: [...values],
              symbolSize: 7,
              yAxisIndex: percent === true ? 1 : 0,
            },
            ...{
              lineStyle: { color: TONES[tone], width: 2 },
              itemStyle: { color: TONES[tone] },
              connectNulls: false,
            },
          }
        : {
            ...{
              type: "bar" as const,
              name,
              data: [...values],
              itemStyle: { color: TONES[tone] },
              barMaxWidth: 22,
            },
            ...(stacked === true ? { stack: "one" } : {}),
            label: {
              ...{
                show: lying === true && stacked !== true,
                position: "right" as const,
                color: "#1c2430",
                fontSize: 13,
              },
              formatter: ({ value }: { value?: unknown }) => Number(value).toLocaleString("vi-VN"),
            },
          },
    ),
  };
}

/** Without styles in the picture: what the library writes as `style` stands in attributes, the font is the page's. */
function plain(svg: string, title: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, "")
    .replace(/ class="[^"]*"/g, "")
    .replace(/ style="([^"]*)"/g, (_, style: string) => {
      const size = /font-size:\s*([\d.]+)px/.exec(style)?.[1];
      const weight = /font-weight:\s*(\w+)/.exec(style)?.[1];
      return `${size === undefined ? "" : ` font-size="${size}"`}${weight === undefined ? "" : ` font-weight="${weight}"`}`;
    })
    .replace(
      /^<svg width="[^"]*" height="[^"]*"/,
      `<svg class="chart" role="img" aria-label="${title.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;")}"`,
    );
}
