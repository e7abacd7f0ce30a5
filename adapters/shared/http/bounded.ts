/** Does `work` for every item, at most `width` at a time, and gives the results in the items' order. The first failure ends it. */
export async function bounded<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const rest = items.entries();

  async function worker(): Promise<void> {
    for (const [index, item] of rest) results[index] = await work(item);
  }

  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
