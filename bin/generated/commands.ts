import type { CommandSpec } from '../../commands/shared/spec.ts';
import { TOPICS } from '../../commands/shared/spec.ts';
import { usageLines } from '../../commands/shared/usage.ts';

/** The commands in Markdown: one table a topic, in the order of the help. */
export function commandReference(command: string, commands: readonly CommandSpec[]): string {
  const topics = Object.entries(TOPICS).flatMap(([topic, title]) => {
    const rows = commands.filter((one) => one.topic === topic).map((one) => rowOf(command, one));
    return rows.length === 0 ? [] : [`#### ${title}\n\n| command | what it does |\n| --- | --- |\n${rows.join('\n')}`];
  });
  return topics.join('\n\n');
}

function rowOf(command: string, spec: CommandSpec): string {
  const usage = usageLines(spec)
    .map((line) => `\`${command} ${line}\``)
    .join('<br>');
  const also = spec.aliases.length === 0 ? '' : ` Also: ${spec.aliases.map((alias) => `\`${alias}\``).join(', ')}.`;
  return `| ${usage.replaceAll('|', '\\|')} | ${spec.summary.replaceAll('|', '\\|')}${also} |`;
}
