import type { Button, LinkButton } from '../announcement.ts';
import { REASON_LIMIT } from '../decide.ts';
import type { Deployment } from '../deployment.ts';
import { sameHuman } from '../person.ts';
import { isForeign } from '../vocabulary.ts';
import type { TellContext } from './context.ts';
import { namesOf, pageUrl } from './context.ts';
import { promoteButtons } from './terms.ts';

type Draft = Omit<Button, 'value'>;

/** The words in a button: who it is about and which state of it, nothing that is trusted. */
function buttonValue(deployment: Pick<Deployment, 'token' | 'revision'>): string {
  return `${deployment.token}.${deployment.revision}`;
}

/** What can be done about a deployment in its present state. The server decides again at the press. */
export function buttonsOf(deployment: Deployment, context: TellContext): readonly Button[] {
  if (isForeign(deployment)) return [];
  const own = drafts(deployment, context).map((draft) => ({ ...draft, value: buttonValue(deployment) }));
  return [...promoteButtons(deployment, context), ...own];
}

function drafts(deployment: Deployment, context: TellContext): readonly Draft[] {
  const { state } = deployment;
  switch (state) {
    case 'requested':
    case 'checking':
    case 'queued':
      return [cancel(deployment)];
    case 'awaiting-approval':
      // The train is decided on as one, on its own card.
      if (deployment.train !== undefined) return [diff(), cancel(deployment)];
      return [
        approve(deployment, context),
        { ...reject(deployment), ...forApprovers(deployment, context) },
        diff(),
        { ...cancel(deployment), seldom: true },
        nudge(),
      ];
    case 'running':
      return deployment.cancellation === undefined ? [cancel(deployment), logs()] : [logs()];
    case 'succeeded':
      return [diff(), { ...rollback(), seldom: true }, { ...logs(), seldom: true }];
    case 'failed':
      return [retry(), rollback(), logs()];
    case 'cancelled':
      return deployment.startedAt === undefined ? [retry()] : [retry(), rollback(), logs()];
    case 'expired':
    case 'rejected':
      return [retry()];
    case 'rolling-back':
    case 'rolled-back':
    case 'refused':
      return [];
  }
}

function approve(deployment: Deployment, context: TellContext): Draft {
  const { settings } = namesOf(deployment, context);
  const draft: Draft = { label: 'Approve', verb: 'approve', style: 'primary', ...forApprovers(deployment, context) };
  if (settings?.customerFacing !== true) return draft;
  const changes = deployment.findings?.commitsTotal ?? 0;
  const text = `${deployment.service} ${deployment.findings?.sha.slice(0, 7) ?? ''} goes to ${deployment.environment} with ${changes === 1 ? '1 change' : `${changes} changes`}. Customers will get it.`;
  return { ...draft, confirm: { title: `Approve ${deployment.id}?`, text, yes: 'Approve' } };
}

/**
 * Those who may still countersign, as far as was known when it was checked, and whoever decides in their stead. Nobody known: for
 * everybody, and the press decides.
 */
function forApprovers(
  { findings, countersignatures, escalations = [] }: Deployment,
  { standIns = [] }: TellContext,
): Pick<Draft, 'only'> {
  // Whoever may take a silent group's part was not looked up when it was checked.
  if (escalations.length > 0) return {};
  const eligible = (findings?.eligible ?? []).flatMap((one) => one.may);
  const may = eligible.length === 0 ? [] : [...eligible, ...standIns];
  const open = may.filter((person, index) => {
    const first = may.findIndex((other) => sameHuman(other, person)) === index;
    return first && !countersignatures.some(({ by }) => sameHuman(by, person));
  });
  return open.length === 0 ? {} : { only: open };
}

function reject(deployment: Deployment): Draft {
  const ask = {
    title: `Reject ${deployment.id}`,
    label: 'What should change?',
    submit: 'Reject',
    maxLength: REASON_LIMIT,
    required: true,
  };
  return { label: 'Reject', verb: 'reject', style: 'plain', ask };
}

function cancel(deployment: Deployment): Draft {
  const running = deployment.state === 'running';
  const text = running
    ? 'The run is asked to stop where it is. What it has done so far stays done.'
    : 'Nothing has been deployed yet, and nothing will be.';
  return {
    label: 'Cancel',
    verb: 'cancel',
    style: 'plain',
    confirm: { title: `Cancel ${deployment.id}?`, text, yes: 'Cancel Deployment' },
  };
}

function rollback(): Draft {
  const ask = {
    title: 'Roll back',
    label: 'Why? The target stays locked afterwards.',
    submit: 'Roll Back',
    maxLength: REASON_LIMIT,
    required: true,
  };
  return { label: 'Roll Back', verb: 'rollback', style: 'danger', ask };
}

function diff(): Draft {
  return { label: 'View Changes', verb: 'diff', style: 'plain' };
}

function nudge(): Draft {
  return { label: 'Nudge', verb: 'nudge', style: 'plain', seldom: true };
}

function retry(): Draft {
  return { label: 'Retry', verb: 'retry', style: 'plain' };
}

function logs(): Draft {
  return { label: 'View Logs', verb: 'logs', style: 'plain' };
}

/** Places to go and look. */
export function linksOf(deployment: Deployment, context: TellContext): readonly LinkButton[] {
  const { settings } = namesOf(deployment, context);
  const page = pageUrl(deployment, context);
  return [
    ...(deployment.state === 'succeeded' && settings?.url !== undefined
      ? [{ label: 'Open Application', url: settings.url }]
      : []),
    ...(deployment.run?.url === undefined ? [] : [{ label: 'View Run', url: deployment.run.url }]),
    ...(page === undefined ? [] : [{ label: 'Details', url: page }]),
  ];
}
