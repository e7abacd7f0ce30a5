import {
  type AdaptiveCardInvokeResponse,
  type AdaptiveCardInvokeValue,
  CloudAdapter,
  type MessagingExtensionAction,
  type MessagingExtensionActionResponse,
  type SearchInvokeResponse,
  type SearchInvokeValue,
  type TaskModuleRequest,
  type TaskModuleResponse,
  TeamsActivityHandler,
  type TurnContext,
} from 'botbuilder';
import type { TeamsActivity } from './activity.ts';

/** The answer to an invoke: what the client shows. */
export interface InvokeAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** What we do about each kind of delivery. Messages and comings return at once; the others carry their answer. */
export interface Doings {
  message(activity: TeamsActivity): void;
  came(activity: TeamsActivity): void;
  /** Action.Execute, and a card that is asked for anew. */
  action(activity: TeamsActivity): Promise<object>;
  dialogOpened(activity: TeamsActivity): Promise<object>;
  dialogSubmitted(activity: TeamsActivity): Promise<object>;
  extensionOpened(activity: TeamsActivity): Promise<object>;
  typed(activity: TeamsActivity): Promise<object>;
}

/** What botbuilder needs to know of who sent something: nothing, since that has been found out before it is asked. */
type Authentication = NonNullable<ConstructorParameters<typeof CloudAdapter>[0]>;
type Known = Awaited<ReturnType<Authentication['authenticateRequest']>>;

/**
 * botbuilder's half: it knows which delivery is of which kind, and in which shape each is answered. It is given only what has been
 * verified, and it sends nothing: answers go out through our own connector, since its own repeats posts when it does not know
 * whether they arrived. Replacing botbuilder (archived) by `@microsoft/agents-hosting`, which has the same classes, is a matter of
 * this file.
 */
export function createBot(appId: string, doings: Doings): (activity: TeamsActivity) => Promise<InvokeAnswer> {
  const adapter = new Adapter(silent(appId));
  const handler = new Handler(doings);
  adapter.onTurnError = async (_context, error) => {
    throw error;
  };
  return async (activity) => {
    // The handler would look the newcomers up through a connector of its own.
    if (activity.type === 'conversationUpdate' || activity.type === 'installationUpdate') {
      doings.came(activity);
      return { status: 200 };
    }
    const answer = await adapter.hear(fitting(activity), (context) => handler.run(context));
    return { status: answer?.status ?? 200, ...(answer?.body === undefined ? {} : { body: answer.body }) };
  };
}

/** botbuilder refuses a search without words (400), which clients send when a field is only touched: a blank is none to us. */
function fitting(activity: TeamsActivity): TeamsActivity {
  const { name, value } = activity;
  if (name !== 'application/search' || typeof value !== 'object' || value === null) return activity;
  const words = 'queryText' in value ? value.queryText : undefined;
  return words === undefined || words === '' ? { ...activity, value: { ...value, queryText: ' ' } } : activity;
}

class Adapter extends CloudAdapter {
  hear(activity: TeamsActivity, logic: (context: TurnContext) => Promise<void>) {
    const turn = structuredClone(activity) as unknown as TurnContext['activity'];
    return this.processActivity('', turn, logic);
  }
}

class Handler extends TeamsActivityHandler {
  private readonly doings: Doings;

  constructor(doings: Doings) {
    super();
    this.doings = doings;
    this.onMessage(async (context, next) => {
      doings.message(read(context));
      await next();
    });
  }

  protected override onAdaptiveCardInvoke(context: TurnContext, _value: AdaptiveCardInvokeValue) {
    return this.doings.action(read(context)) as Promise<AdaptiveCardInvokeResponse>;
  }

  protected override onSearchInvoke(context: TurnContext, _value: SearchInvokeValue) {
    return this.doings.typed(read(context)) as Promise<SearchInvokeResponse>;
  }

  protected override handleTeamsTaskModuleFetch(context: TurnContext, _request: TaskModuleRequest) {
    return this.doings.dialogOpened(read(context)) as Promise<TaskModuleResponse>;
  }

  protected override handleTeamsTaskModuleSubmit(context: TurnContext, _request: TaskModuleRequest) {
    return this.doings.dialogSubmitted(read(context)) as Promise<TaskModuleResponse>;
  }

  protected override handleTeamsMessagingExtensionFetchTask(context: TurnContext, _action: MessagingExtensionAction) {
    return this.doings.extensionOpened(read(context)) as Promise<MessagingExtensionActionResponse>;
  }

  protected override handleTeamsMessagingExtensionSubmitAction(
    context: TurnContext,
    _action: MessagingExtensionAction,
  ) {
    return this.doings.dialogSubmitted(read(context)) as Promise<MessagingExtensionActionResponse>;
  }
}

/** The delivery that was handed in; botbuilder hands it on unchanged. */
function read(context: TurnContext): TeamsActivity {
  return context.activity as unknown as TeamsActivity;
}

/** Everybody is let in, because whoever calls has been verified; and no way out is given. */
function silent(appId: string): Authentication {
  const noClient = {} as never;
  const claims = { claims: [], isAuthenticated: true, getClaimValue: () => appId };
  const known = {
    audience: '',
    claimsIdentity: claims,
    connectorFactory: { create: async () => ({}) as never },
  } as unknown as Known;
  return {
    authenticateRequest: async () => known,
    createUserTokenClient: async () => noClient,
  } as unknown as Authentication;
}
