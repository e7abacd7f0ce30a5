const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A span of time as people type it (`30m`, `2h`, `1d12h`), in milliseconds; nothing when it is none. */
export function spanOf(typed: string): number | undefined {
  const text = typed.toLowerCase().replaceAll(' ', '');
  if (!/^(?:\d{1,6}[smhdw])+$/.test(text)) return undefined;
  const parts = text.match(/\d+[smhdw]/g) ?? [];
  const whole = parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * (UNITS[part.slice(-1)] ?? 0), 0);
  return whole > 0 ? whole : undefined;
}

/** The same span as it can be typed, in the largest unit that holds it. Spans are whole seconds. */
export function spanTyped(milliseconds: number): string {
  const unit = ['w', 'd', 'h', 'm'].find((one) => milliseconds % (UNITS[one] ?? 1) === 0) ?? 's';
  return `${Math.round(milliseconds / (UNITS[unit] ?? 1))}${unit}`;
}
