/*
 * The shared components of both apps. Import from here only. Reach: what each file says.
 *
 * mountApp(app, onSignedOut)                     theme, queries, live region; onSignedOut on "not-signed-in"
 * Shell       tenant groups account onSignOut children     bar, rail (PlaceGroup[]), page
 * SignedInGate children(signedIn) / useSignedIn() / allowed(route, role) / useSignOut() -> () => void
 * ArticlePage route end places                    "Follow the article": places says where a row is done
 * PageHeader  title mark? crumbs? count? state? actions? children?   sets the tab's title; primary button last in actions
 * TabLinks    label tabs                          tabs as links: {to, label, count?, end?}[]
 * Body        children narrow?                    the gutter of a page; narrow="narrow" for forms
 * Section     title children actions?
 * Card        title state? actions? stateName? flag? id? children   stateName becomes data-state
 * CardGrid    children
 * Band        tone mark? action? children         a line across the page
 * Facts       facts                               definition list: {term, value, note?}[]
 * Door        title lead? foot? children        a page before signing in / ProblemBand   why a SAML sign-in came back (?problem=)
 * PasswordForm slug? nameLabel? onSignedIn / useArrive() -> () => void   clears what a stranger asked, follows ?next=
 * LinkPage (address /link/:token) / ForgotPage nameLabel? / SetupPage tenant / MailboxPage / PasswordPage name / PageFailure
 * Toolbar label children / SearchField label / FilterChip name value children / Pager label page pages previous next
 * useAddress() -> {get, with, replace}            the query string as state
 * HourBars hours size? / HourTable hours      hours: {hour, accepted, refused}[]
 * When        at as?                              as: relative | clock | day | moment; null says "never"
 * StepLine    label steps                         steps: {name, fact?, state: done | now | open | failed}[]
 * Avatar      name size?
 * Split       sheet children  / Sheet  title over? back foot? children    list with a sheet at its right
 * Tie         state children / TieMark state / TieWide state left right    states: TieState
 * DataTable   label columns rows rowId selection? actions?    keep `columns` stable (module scope or useMemo)
 * Ledger      label children / LedgerRow at state word to? selected? edges? fresh? children / Sentence parts
 * Loaded      query rows? children(data)          skeleton, failure, data
 * LoadedPage  query title crumbs? children(data)   the same for a page whose title is part of its data
 * Loading     rows? onCancel?  / ProblemNote error onRetry?
 * Empty       title children action? / EmptyFiltered title onClear / NotAllowed what who
 * Saved       at by?                              the lasting proof
 * Form        onSubmit error? label? id? children / FormActions children / useFields(initial) / fieldError(error, name)
 * CopyButton  text label? name? size? variant? onCopied? / CopyField label value description?
 * Dialog      opened title onClose size? persistent? children   begin the focus with data-autofocus
 * ConfirmDialog opened title confirm busyLabel? busy? error? typed? tone? onConfirm onCancel children
 * SecretDialog  title lead secretLabel secret beside hint? onDone
 * LiveProvider address topics children            one EventSource a visible tab / LiveChip children?
 * useAnnounce() -> (text) => void                 screen readers hear it
 * useRoute(route, {params?, query?, enabled?}) -> query;  useWrite(route, staleResources?) -> mutation
 * createSay(words) -> say(key, args?) ; createSayRich(words) -> sayRich(key, args?)   <b>strong</b> <c>mono</c>
 */

export { type AnswerOf, isProblem } from './api.ts';
export { ArticlePage } from './article/article-page.tsx';
export { ConfirmDialog } from './dialog/confirm-dialog.tsx';
export { Dialog } from './dialog/dialog.tsx';
export { SecretDialog } from './dialog/secret-dialog.tsx';
export { useArrive } from './door/arrive.ts';
export { Door } from './door/door.tsx';
export { ForgotPage } from './door/forgot-page.tsx';
export { PageFailure } from './door/page-failure.tsx';
export { PasswordForm } from './door/password-form.tsx';
export { PasswordPage } from './door/password-page.tsx';
export { ProblemBand } from './door/problem-band.tsx';
export { SetupPage } from './door/setup-page.tsx';
export { CopyButton, CopyField } from './form/copy.tsx';
export { type Fields, Form, FormActions, fieldError, useFields } from './form/form.tsx';
export { LiveChip } from './live/live-chip.tsx';
export { LiveProvider } from './live/live-provider.tsx';
export { useAnnounce } from './live/live-region.tsx';
export type { LiveTopics } from './live/use-live.ts';
export { Avatar } from './page/avatar.tsx';
export { Band, Body, Card, CardGrid, type Fact, Facts, Section } from './page/card.tsx';
export { HourBars, HourTable } from './page/hour-bars.tsx';
export { PageHeader } from './page/page-header.tsx';
export { Sheet, Split } from './page/sheet.tsx';
export { type Step, StepLine } from './page/step-line.tsx';
export { TabLinks } from './page/tab-links.tsx';
export { FilterChip, Pager, SearchField, Toolbar, useAddress } from './page/toolbar.tsx';
export { When } from './page/when.tsx';
export { useRoute, useWrite } from './queries.ts';
export { type PlaceGroup, Shell } from './shell/shell.tsx';
export { allowed, type SignedIn, SignedInGate, useSignedIn, useSignOut } from './shell/signed-in.tsx';
export { Empty, EmptyFiltered, NotAllowed } from './state/empty.tsx';
export { Loaded, Loading } from './state/loaded.tsx';
export { LoadedPage } from './state/loaded-page.tsx';
export { ProblemNote } from './state/problem-note.tsx';
export { Saved } from './state/saved.tsx';
export { DataTable, type TableColumn } from './table/data-table.tsx';
export { Ledger, LedgerRow, Sentence } from './table/ledger.tsx';
export { mountApp } from './theme/foundation.tsx';
export { Tie, TieMark, type TieState, TieWide } from './tie.tsx';
export { createSay } from './words/catalogue.ts';
export { createSayRich } from './words/rich.tsx';
