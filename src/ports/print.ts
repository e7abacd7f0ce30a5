/** A font of one's own: the bytes of a TrueType or OpenType file. Without `bold` the regular one is thickened. */
export interface PdfFont {
  readonly regular: Uint8Array;
  readonly bold?: Uint8Array;
}
