import { engineeringCard } from '../src/domain/tell/engineering.ts';
import { counted, type Text } from '../src/domain/text.ts';
import { leadOf } from '../src/domain/train.ts';
import { troubleWords } from '../src/domain/trouble.ts';
import { answer, pageOf, tellPrivately } from './shared/answers.ts';
import { targetLine, targetsOf, tellContext, withDeployment } from './shared/rows.ts';
import { type CommandContext, command, DEPLOYMENT, ENVIRONMENT, optional, SERVICE } from './shared/spec.ts';
import { showTrain } from './train.ts';

/** Shows one deployment, or what runs where. */
export const status = command({
  name: 'status',
  summary: 'Shows what runs where and what is under way, or one deployment.',
  topic: 'looking',
  examples: ['status', 'status web', 'status web production', 'status D-1042'],
  forms: [[optional(SERVICE), optional(ENVIRONMENT)], [DEPLOYMENT]],
  acts: false,
  async run(context, { deployment, service, environment }) {
    if (deployment === undefined) return statusOfTargets(context, { service, environment });
    if (leadOf(deployment) !== undefined) return showTrain(context, deployment);
    return withDeployment(context, deployment, async (found) =>
      answer(engineeringCard(found, await tellContext(context, found))),
    );
  },
});

const ROWS = 50;

async function statusOfTargets(
  context: CommandContext,
  wanted: { service: string | undefined; environment: string | undefined },
) {
  const { service, environment } = wanted;
  const where = {
    ...(service === undefined ? {} : { service }),
    ...(environment === undefined ? {} : { environment }),
  };
  const rows = await targetsOf(context, where);
  const items = rows.map((row) => targetLine(`${row.service.id} → ${row.environment}`, row, row.open, context.catalog));
  const open = rows.flatMap((row) => row.open).length;
  const locked = rows.filter(({ lock }) => lock !== undefined).length;
  const what = [service, environment].filter((word) => word !== undefined).join(' → ') || 'Everything';
  const words = `${counted(rows.length, 'target')}, ${counted(open, 'deployment')} under way, ${locked} locked.`;
  return tellPrivately('neutral', [{ kind: 'strong', text: what }, `: ${words}`], [], {
    context: aboutText(context),
    sections: [
      { title: 'What runs where', items: items.slice(0, ROWS), total: items.length, ...pageOf(context.catalog, '/') },
    ],
  });
}

/** Which configuration counts and which version answers: to be compared when instances seem to disagree. */
function aboutText({ about, reading }: CommandContext): Text {
  if (about === undefined) return [];
  const { configuration, program, notes } = about();
  const code: Text = ['Configuration ', { kind: 'code', text: configuration }];
  return [...code, [` · Countersign ${program}`, ...notes, ...reading.troubles().map(troubleWords)].join(' · ')];
}
