/** A small grey picture of a page, one byte a pixel unless `channels` says more (the first is taken). */
export interface GreyPicture {
  data: Uint8Array;
  width: number;
  height: number;
  channels?: number;
}

/** How far a pixel is from the paper before it is a mark, of 255. */
const MARK = 28;
/** Part of the picture at each edge where a scanner's lid throws its shadow. */
const EDGE = 0.03;
/** So few marks, of a million pixels, are dust. */
const DUST = 40;

/**
 * Whether a page has nothing on it: all but a few pixels are as light as the paper, whose lightness is the most frequent.
 * Rather takes a blank page for a written one than the other way round.
 */
export function isBlank({ data, width, height, channels = 1 }: GreyPicture): boolean {
  const [dx, dy] = [Math.floor(width * EDGE), Math.floor(height * EDGE)];
  const counts = new Uint32Array(256);
  let all = 0;
  for (let y = dy; y < height - dy; y++)
    for (let x = dx; x < width - dx; x++) {
      const value = data[(y * width + x) * channels] ?? 0;
      counts[value] = (counts[value] ?? 0) + 1;
      all++;
    }
  let paper = 0;
  for (let value = 0; value < 256; value++) if ((counts[value] ?? 0) > (counts[paper] ?? 0)) paper = value;
  let marks = 0;
  for (let value = 0; value < 256; value++) if (Math.abs(value - paper) > MARK) marks += counts[value] ?? 0;
  return marks <= Math.max(2, (all * DUST) / 1_000_000);
}
