import { type Voice, voiceOf } from '../../src/domain/tell/words/say.ts';
import { isoNow } from '../../src/ports/clock.ts';
import type { CommandContext } from './spec.ts';

/** How whoever asks is spoken to, as their book says now. */
export async function askersVoice({
  reading,
  catalog,
  caller,
  clock,
}: Pick<CommandContext, 'reading' | 'catalog' | 'caller' | 'clock'>): Promise<Voice> {
  const { preferences } = await reading.personBook(caller.person.id);
  return voiceOf(preferences, catalog, isoNow(clock));
}
