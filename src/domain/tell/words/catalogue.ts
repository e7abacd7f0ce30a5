import type { Language } from '../../person-book.ts';
import { DE } from './de.ts';
import { EN } from './en.ts';

/** Everything that can be said, by name. */
export type Phrase = keyof typeof EN;

/** A phrase that is counted has two forms: for one, and for any other number (also none). */
interface Forms {
  readonly one: string;
  readonly other: string;
}
type Template = string | Forms;

/** All phrases of a language: one that is missing, or that has another shape than in English, is a type error. */
export type Catalogue = { readonly [P in Phrase]: (typeof EN)[P] extends string ? string : Forms };

/** The words of each language. */
export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en: EN, de: DE };

type Holes<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;

/** The names of the values that a phrase needs. */
export type HolesOf<P extends Phrase> = (typeof EN)[P] extends infer T
  ? T extends string
    ? Holes<T>
    : T extends { readonly one: infer One extends string; readonly other: infer Other extends string }
      ? Holes<One> | Holes<Other> | 'count'
      : never
  : never;

/** The names of the values in a template, in their order. */
export function holesOf(template: Template): readonly string[] {
  const texts = typeof template === 'string' ? [template] : [template.one, template.other];
  return texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name));
}
