// What is promised: the page's requirements and each product's resources, read from `specs/` and refused by file and line where wrong.
export { validateConformance } from './conformance.ts';
export { parseDocumentation } from './documentation.ts';
export { parseFailure, validateRefusal } from './failure.ts';
export { parseKnownDifferences } from './known-differences.ts';
export { loadDocumentation, loadProducts, requirementIds } from './load.ts';
export {
  type Documentation,
  type DocumentedCall,
  type DocumentedFailure,
  isProductId,
  type Method,
  type Operation,
  type Parameter,
  type ProductId,
  type ProductSpec,
  productIds,
  type Requirement,
  type Section,
  type Sentence,
} from './model.ts';
export { parseProduct } from './product.ts';
export { SpecError } from './source.ts';
