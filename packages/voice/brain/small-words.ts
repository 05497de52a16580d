/**
 * Words that every question may have, whatever it is about: they are never taken for another word, and never show that
 * something else was meant.
 */
export const smallWords: ReadonlySet<string> = new Set(
  `a an the this that these those some any all every each no not none both either other another such same only just
  i you he she it we they me him her us them my your his its our their mine yours ours myself yourself itself
  anybody anyone anything somebody someone something nobody nothing everybody everyone everything thing things
  and or but if when while because so than then as whether though
  of in on at to from for with without by about into onto over under up down out off between through before after
  since until during near
  is are am was were be been being do does did done doing have has had having can could will would shall should may
  might must isn't aren't don't doesn't didn't can't won't i'm i'd i'll i've you're you've we're we've they're he's
  she's it's that's there's what's who's where's let's
  what which who whom whose where why how when many much more most few less least
  there here now right today currently moment still yet already again ever never always also too very really actually
  please tell show give say see look list count name find let get got want need like know think mean check ask ask
  wonder wondering wish make take go going come coming try use help
  okay ok yes yeah well oh um uh hey hi hello sorry excuse thanks thank question way bit lot`.split(/\s+/u),
);
