import { inflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  /** Red, green, blue and opacity of every pixel, row by row. */
  readonly pixels: readonly (readonly [number, number, number, number])[];
}

/** Reads a PNG of 8 bits a channel, without interlacing; throws on any other. Source: PNG specification (W3C), chapters 9 and 11. */
export function readPng(bytes: Buffer): Picture {
  if (bytes.toString('latin1', 1, 4) !== 'PNG') throw new Error('This is no PNG.');
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const [depth, colour, , , interlaced] = bytes.subarray(24, 29);
  if (depth !== 8 || interlaced !== 0 || (colour !== 2 && colour !== 6)) throw new Error('This form is not read here.');
  const size = colour === 6 ? 4 : 3;
  const raw = inflateSync(Buffer.concat(chunks(bytes).flatMap(({ type, data }) => (type === 'IDAT' ? [data] : []))));
  const rows = unfiltered(raw, width * size, height, size);
  const pixels = Array.from({ length: width * height }, (_none, index) => {
    const [red = 0, green = 0, blue = 0, alpha = 255] = rows.subarray(index * size, index * size + size);
    return [red, green, blue, alpha] as const;
  });
  return { width, height, hasAlpha: size === 4, pixels };
}

function chunks(bytes: Buffer): readonly { readonly type: string; readonly data: Buffer }[] {
  const found = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return found;
}

function unfiltered(raw: Buffer, stride: number, height: number, size: number): Buffer {
  const out = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (stride + 1)] ?? 0;
    for (let column = 0; column < stride; column += 1) {
      const at = row * stride + column;
      const left = column < size ? 0 : (out[at - size] ?? 0);
      const up = row === 0 ? 0 : (out[at - stride] ?? 0);
      const corner = row === 0 || column < size ? 0 : (out[at - stride - size] ?? 0);
      const given = raw[row * (stride + 1) + 1 + column] ?? 0;
      out[at] = given + ([0, left, up, Math.floor((left + up) / 2), paeth(left, up, corner)][filter] as number);
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(left + up - corner - value)) as [number, number, number];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
