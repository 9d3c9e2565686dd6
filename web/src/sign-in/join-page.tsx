import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNatter } from "../shell/natter-context.ts";
import { rememberWorkspace } from "../shell/workspace-choice.ts";
import { Button } from "../ui/button/button.tsx";
import { messageOf } from "../ui/message-of.ts";
import { EntryForm, EntryPage } from "./entry-page.tsx";
import { SignInForm } from "./sign-in-form.tsx";
import { signInTexts } from "./sign-in-texts.ts";
import { SignUpForm } from "./sign-up-form.tsx";
import { useEntry } from "./use-entry.ts";

interface JoinProps {
  readonly token: string;
}

const AcceptForm = ({ token, name }: JoinProps & { readonly name: string | null }) => {
  const { account } = useNatter();
  const entry = useEntry(async () => rememberWorkspace((await account.acceptInvitation(token)).workspaceId));
  return (
    <EntryForm entry={entry} action={signInTexts.accept}>
      {name !== null && <p className="text-13 text-text-2">{signInTexts.signedInAs(name)}</p>}
    </EntryForm>
  );
};

const NewcomerForms = ({ token }: JoinProps) => {
  const { account } = useNatter();
  const [hasAccount, setHasAccount] = useState(false);
  const options = useQuery({
    queryKey: ["account", "options"],
    queryFn: () => account.options(),
    retry: false,
    staleTime: Infinity,
  });
  if (options.isPending) return null;
  if (options.isError) return <p className="text-pretty text-text-2">{signInTexts.signInElsewhere}</p>;
  return (
    <>
      {hasAccount ? (
        <SignInForm then={async () => rememberWorkspace((await account.acceptInvitation(token)).workspaceId)} />
      ) : (
        <SignUpForm invitation={token} />
      )}
      <Button look="plain" onClick={() => setHasAccount(!hasAccount)}>
        {hasAccount ? signInTexts.noAccount : signInTexts.haveAccount}
      </Button>
    </>
  );
};

/** Where the link of an invitation leads: whoever is known joins, others make an account or sign in first. */
export const JoinPage = () => {
  const client = useNatter();
  const [token] = useState(() => location.hash.slice(1));
  const offer = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => client.account.readInvitation(token),
    retry: false,
    staleTime: Infinity,
  });
  const me = useQuery({ queryKey: ["me"], queryFn: () => client.me(), retry: false, staleTime: 60_000 });
  if (offer.isError) return <EntryPage title={signInTexts.invitationTitle} text={messageOf(offer.error)} />;
  if (offer.data === undefined || me.isPending) return null;
  const { workspaceName, role } = offer.data;
  return (
    <EntryPage title={signInTexts.join(workspaceName)} text={signInTexts.joinAs(signInTexts.roles[role])}>
      {me.data === undefined ? <NewcomerForms token={token} /> : <AcceptForm token={token} name={me.data.name} />}
    </EntryPage>
  );
};
