// Network policies from declared calls and observed traffic: what other rooms may use.

export { chooseSelectors, type SelectorChoice } from './choose-selector.ts';
