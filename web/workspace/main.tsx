import { mountApp, Tie } from '../ui/index.ts';

mountApp(<Tie state="agree">Connected</Tie>, () => undefined);
