import type { Refusal } from '../../src/domain/refusal.ts';
import type { RequestWish } from '../../src/engine/door.ts';
import type { Reply } from '../../src/ports/chat.ts';
import { formOf } from './form.ts';
import type { CommandContext } from './spec.ts';

/**
 * The form with everything that was said filled in, where nothing else is the matter than what it asks for. Nothing where the form has
 * no field for what was said: it would be lost.
 */
export async function askedInForm(
  { catalog, reading, clock }: CommandContext,
  wish: RequestWish,
  refusals: readonly Refusal[],
): Promise<Reply | undefined> {
  const asks = refusals.every(({ code }) => code === 'missing-reason' || code === 'missing-input');
  const said = [wish.scheduledFor, wish.override, wish.incident].some((one) => one !== undefined);
  if (!asks || said || refusals.length === 0 || wish.kind === 'hotfix') return undefined;
  const alerts = refusals.map(({ code, sentence, next }) =>
    code === 'missing-input' ? sentence : `${sentence} ${next}`,
  );
  return { kind: 'form', form: await formOf(catalog, reading, wish, alerts, clock.now()) };
}
