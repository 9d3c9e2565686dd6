import { useQuery } from "@tanstack/react-query";
import { Suspense, type ReactNode } from "react";
import { useRoute } from "wouter";
import { useNatter } from "../shell/natter-context.ts";
import { lazyPart } from "../ui/lazy-part.ts";

const JoinPage = lazyPart(async () => (await import("./join-page.tsx")).JoinPage);
const SignInPage = lazyPart(async () => (await import("./sign-in-page.tsx")).SignInPage);
const SignUpPage = lazyPart(async () => (await import("./sign-up-page.tsx")).SignUpPage);

export interface WithAccountsProps {
  /** What stands there on a server without accounts. */
  readonly fallback: ReactNode;
  readonly isNew?: boolean;
}

/** The page that lets people in, on a server that has accounts. */
export const WithAccounts = ({ fallback, isNew = false }: WithAccountsProps) => {
  const { account } = useNatter();
  const options = useQuery({
    queryKey: ["account", "options"],
    queryFn: () => account.options(),
    retry: false,
    staleTime: Infinity,
  });
  if (options.isPending) return null;
  if (options.data === undefined) return fallback;
  return <Suspense>{isNew ? <SignUpPage {...options.data} /> : <SignInPage {...options.data} />}</Suspense>;
};

/** The pages for people who are not in yet; everywhere else what is inside. */
export const EntryGate = ({ children }: { readonly children: ReactNode }) => {
  const [isSignIn] = useRoute("/sign-in");
  const [isSignUp] = useRoute("/sign-up");
  const [isJoin] = useRoute("/join");
  if (isJoin)
    return (
      <Suspense>
        <JoinPage />
      </Suspense>
    );
  if (isSignIn || isSignUp) return <WithAccounts fallback={children} isNew={isSignUp} />;
  return children;
};
