/** A call as it is about to leave, for logins that sign it. */
export interface Outgoing {
  readonly method: Method;
  readonly url: URL;
  readonly body: string | undefined;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** What every call says. */
export interface Call {
  /** In words, for failures: `run 812 of acme/web`. */
  readonly what: string;
  /** Below the base address, each part encoded by the caller (see `pathOf`). */
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The parts of a path, each encoded. */
export function pathOf(...parts: readonly (string | number)[]): string {
  return parts.map((part) => encodeURIComponent(part)).join('/');
}

/** The body of a write, as JSON or as a form. */
export interface Written {
  readonly method?: Exclude<Method, 'GET'>;
  readonly json?: unknown;
  readonly fields?: Query;
}

/** A call as it leaves, with the headers that its body needs. */
export function outgoingOf(
  baseUrl: string,
  { path, query = {}, headers = {} }: Call,
  write?: Written,
): Outgoing & { readonly headers: Readonly<Record<string, string>> } {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`);
  for (const [name, value] of pairs(query)) url.searchParams.append(name, value);
  if (write === undefined) return { method: 'GET', url, body: undefined, headers };
  const method = write.method ?? 'POST';
  if (write.fields !== undefined) {
    const body = new URLSearchParams(pairs(write.fields)).toString();
    return { method, url, body, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } };
  }
  if (write.json === undefined) return { method, url, body: undefined, headers };
  return { method, url, body: JSON.stringify(write.json), headers: { 'content-type': 'application/json', ...headers } };
}

function pairs(query: Query): [string, string][] {
  return Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
}

/** JSON where it is JSON, else the text. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
