import { useQuery } from "@tanstack/react-query";
import { PageSection } from "../ui/page/page-section.tsx";
import { useNatter } from "../shell/natter-context.ts";
import { useMe } from "../shell/use-me.ts";
import { QueryState } from "../ui/page/query-state.tsx";
import { accountTexts } from "./account-texts.ts";
import { EraseForm } from "./erase-form.tsx";
import { PasswordForm } from "./password-form.tsx";
import { ProfileForm } from "./profile-form.tsx";
import { SessionList } from "./session-list.tsx";

/** One's own account, where the server has accounts. */
export const AccountPage = () => {
  const { account } = useNatter();
  const me = useMe();
  const known = useQuery({
    queryKey: ["account"],
    enabled: me?.hasSession === true,
    queryFn: () => account.get(),
  });
  if (me?.hasSession === false) return <p className="text-pretty text-text-2">{accountTexts.none}</p>;
  if (known.data === undefined) return <QueryState of={known} />;
  const { email, sessions } = known.data;
  return (
    <>
      <ProfileForm account={known.data} />
      <PageSection title={accountTexts.password}>
        <PasswordForm email={email} />
      </PageSection>
      <PageSection title={accountTexts.sessions}>
        <SessionList sessions={sessions} />
      </PageSection>
      <PageSection title={accountTexts.erase}>
        <EraseForm />
      </PageSection>
    </>
  );
};
