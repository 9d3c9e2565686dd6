import type { AdminUser } from "natter/client";
import { formatNumber } from "../../ui/format.ts";
import { ConsoleLink } from "../console-link.tsx";
import { consoleTexts } from "../console-texts.ts";
import { Facts } from "../table/facts.tsx";
import { formatExactCost } from "../time/amounts.ts";
import { Time } from "../time/time.tsx";
import { UserKeys } from "./user-keys.tsx";
import { UserSanction } from "./user-sanction.tsx";

const links = (id: string): readonly (readonly [string, string])[] => [
  [`/console/completions?userId=${id}`, consoleTexts.theirCompletions],
  [`/console/conversations?ownerId=${id}`, consoleTexts.theirConversations],
  [`/console/tool-runs?userId=${id}`, consoleTexts.theirToolRuns],
  [`/console/usage?userId=${id}`, consoleTexts.theirUsage],
  [`/console/audit?actorId=${id}`, consoleTexts.theirDeeds],
];

/** Who somebody is, what they have spent, which keys they have, and whether they may be here. */
export const UserDetail = ({ user }: { readonly user: AdminUser }) => (
  <>
    <Facts
      of={{
        Id: <code className="font-mono text-12">{user.id}</code>,
        Name: user.name ?? consoleTexts.none,
        "E-mail": user.email ?? consoleTexts.none,
        Role: user.role,
        Suspended: user.isSuspended ? <Suspension user={user} /> : consoleTexts.no,
        "Member since": <Time at={user.createdAt} />,
        "Last active": <Time at={user.lastActiveAt} />,
        Conversations: formatNumber(user.conversations),
        Completions: formatNumber(user.completions),
        "Model calls": formatNumber(user.calls),
        Tokens: `${formatNumber(user.inputTokens)} in, ${formatNumber(user.outputTokens)} out`,
        Cost: formatExactCost(user.costMicros),
      }}
    />
    <UserSanction user={user} />
    <ul className="mb-6 flex flex-wrap gap-x-4 gap-y-1.5 text-13">
      {links(encodeURIComponent(user.id)).map(([to, text]) => (
        <li key={to}>
          <ConsoleLink to={to}>{text}</ConsoleLink>
        </li>
      ))}
    </ul>
    <UserKeys userId={user.id} />
  </>
);

const Suspension = ({ user: { suspendedAt } }: { readonly user: AdminUser }) =>
  suspendedAt === null ? consoleTexts.suspendedElsewhere : <Time at={suspendedAt} />;
