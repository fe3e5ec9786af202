/**
 * What a job was configured with, as it travels to the executors: the values of the command line's options go in. A
 * preprocessor and an engine on the executor's machine come out. Start reading at {@link
 * io.sparkvlm.spark.settings.InferenceConfig}.
 */
package io.sparkvlm.spark.settings;
