/**
 * The public surface of florigen: text-to-image GANs, trained in C++ over LibTorch and driven from here. Importing it
 * loads no native code; that happens when a trainer or generator is made.
 * @packageDocumentation
 */

export type { Caption, SplitName } from './data/dataset';
export { Dataset } from './data/dataset';
export {
  CheckpointError,
  DataError,
  FlorigenError,
  type FlorigenErrorCode,
  hasCode,
  LibraryError,
  NativeError,
  UsageError,
} from './errors';
export { attributeReport } from './evaluation/attribute-report';
export type { AttributeResult } from './evaluation/attribute-result';
export type { ClassRanking } from './evaluation/encoder/class-ranking';
export type { EncoderEvaluation } from './evaluation/encoder/encoder-evaluation';
export { encoderReport } from './evaluation/encoder/encoder-report';
export { type EvaluateEncoderOptions, evaluateEncoder } from './evaluation/encoder/evaluate-encoder';
export type { EncoderEvaluationProgress } from './evaluation/encoder/text-measures';
export { type EvaluateAttributesOptions, evaluateAttributes } from './evaluation/evaluate-attributes';
export { type ExportedBundle, exportBundle } from './models/bundle';
export {
  type OptionDifference,
  TrainingConfig,
  type TrainingInput,
  type TrainingOptions,
} from './models/config';
export { type EmbeddingProgress, type Embeddings, ensureEmbeddings } from './models/embeddings';
export type { EncoderProvenance } from './models/encoder-file';
export { type ImportedEncoder, importTextEncoder } from './models/encoder-import/import-encoder';
export { EncoderConfig, type EncoderInput, type EncoderOptions } from './models/encoder-options';
export { encoderPresets } from './models/encoder-presets';
export {
  type ExtractedFeatures,
  type ExtractFeaturesOptions,
  type ExtractionProgress,
  extractFeatures,
} from './models/extract-features';
export { FeatureNetwork } from './models/feature-network';
export {
  FeatureConfig,
  type FeatureInput,
  type FeatureOptions,
  featurePresets,
} from './models/feature-options';
export { GeneratedImage } from './models/generated-image';
export { type GenerateOptions, Generator, type GeneratorLoadOptions } from './models/generator';
export { HashedNgramEncoder, type HashedNgramOptions } from './models/hashed-ngrams';
export { estimateMemory, type MemoryEstimate, type MemoryEstimateData } from './models/memory-estimate';
export { openTextEncoder } from './models/open-encoder';
export { type OptionField, optionFields } from './models/option-fields';
export { defaultPreset, type Preset, presets } from './models/presets';
export type { Provenance } from './models/provenance';
export type { EncoderWeights, TextEmbeddings, TextEncoder, TextEncoderRecord } from './models/text-encoder';
export {
  createTextEncoder,
  loadTextEncoder,
  type TextEncoderKind,
  textEncoders,
} from './models/text-encoders';
export { Checkpoint, type CheckpointProgress, type CheckpointSummary } from './training/checkpoint';
export { type ExportedFeatureNetwork, FeatureTrainer } from './training/feature-trainer';
export { GanTrainer } from './training/gan-trainer';
export type {
  EpochResult,
  GanTrainerCreateOptions,
  GanTrainerResumeOptions,
  TrainingProgress,
} from './training/gan-trainer-types';
export type { GanMeans, MetricsLine } from './training/metrics';
export type { Position, RunSchedule, Schedule } from './training/schedule';
export { type ExportedEncoder, TextEncoderTrainer } from './training/text-encoder-trainer';
export type {
  RunProgress,
  TrainerCreateOptions,
  TrainerEpoch,
  TrainerResumeOptions,
} from './training/trainer-types';
