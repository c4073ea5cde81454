// A mutant must not live or die by chance.
import fc from 'fast-check';

fc.configureGlobal({ seed: 7643, numRuns: 60 });
