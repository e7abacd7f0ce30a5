import { App, type Receiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import type { Busy } from '../../shared/chat/busy.ts';
import { onAction } from './inbound-actions.ts';
import { onCommand, onEvent } from './inbound-messages.ts';
import { actionShape, commandShape, eventShape, submissionShape, suggestionShape } from './inbound-shapes.ts';
import { onSubmission, suggestions } from './inbound-views.ts';
import type { Desk } from './reception.ts';

/**
 * Ties Bolt's entrances to ours. Each one acknowledges before anything else, since Slack waits three seconds; only a filled-in
 * form and choices carry their answer in the acknowledgement. `authorize` answers from memory, so that an unreachable Slack
 * cannot hold up acknowledgements.
 */
export function listen(receiver: Receiver, options: WebClientOptions, desk: Desk, botToken: string, busy: Busy): void {
  const app = new App({
    receiver,
    clientOptions: options,
    convoStore: false,
    tokenVerificationEnabled: false,
    ...(options.logger === undefined ? {} : { logger: options.logger }),
    authorize: async () => {
      const { botId, botUserId } = desk.workspace();
      return {
        botToken,
        ...(botId === undefined ? {} : { botId }),
        ...(botUserId === undefined ? {} : { botUserId }),
      };
    },
  });

  // One listener a kind: two that match the same press would acknowledge twice.
  app.command(/^/, async ({ ack, body, respond }) => {
    await ack();
    await busy.run(async () => onCommand(desk, commandShape.parse(body), respond));
  });
  app.action(/^/, async ({ ack, body, respond }) => {
    await ack();
    const hasUrl = 'response_url' in body && typeof body.response_url === 'string' && body.response_url !== '';
    await busy.run(async () => onAction(desk, actionShape.parse(body), hasUrl ? respond : undefined));
  });
  app.view(/^/, async ({ ack, body }) => {
    await busy.run(async () =>
      onSubmission(desk, submissionShape.parse(body), (errors) =>
        errors === undefined ? ack() : ack({ response_action: 'errors', errors: { ...errors } }),
      ),
    );
  });
  app.options(/^/, async ({ ack, body }) => {
    await busy.run(async () => ack({ options: await suggestions(desk, suggestionShape.parse(body)) }));
  });
  app.shortcut(/^/, async ({ ack }) => ack());
  for (const name of ['app_mention', 'message', 'member_joined_channel', 'app_home_opened']) {
    app.event(name, async ({ body }) => busy.run(async () => onHeard(desk, body)));
  }
  app.error(async (error) => desk.log.error({ error }, 'slack delivery failed'));
}

/** Kinds of messages we have no use for (joins, deletions, edits) may lack what we ask for. */
async function onHeard(desk: Desk, body: unknown): Promise<void> {
  const read = eventShape.safeParse(body);
  if (read.success) await onEvent(desk, read.data);
  else desk.log.debug({ faults: read.error.message.slice(0, 300) }, 'slack event of no use');
}
