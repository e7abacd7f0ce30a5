type Json = Record<string, unknown>;

/**
 * Binds the artifacts that a pipeline expects to those it was given, as `ArtifactResolver` of kork-artifacts does: all fields that the
 * expectation names must fit.
 */
export function resolved(expected: readonly { readonly matchArtifact: Json }[], given: readonly Json[]): Json[] {
  return expected.flatMap(({ matchArtifact }, index) => {
    const boundArtifact = given.find((one) =>
      Object.entries(matchArtifact).every(([key, value]) => one[key] === value),
    );
    return boundArtifact === undefined ? [] : [{ id: `expected-${index}`, matchArtifact, boundArtifact }];
  });
}
