import io.sparkvlm.job.SparkVlm
import org.apache.spark.sql.SparkSession

import scala.jdk.CollectionConverters._

/** Asks one question about every picture of a folder, and writes the answers as a Parquet table. */
object AskAboutPictures {
  def main(args: Array[String]): Unit = args match {
    case Array(model, folder, question, output) =>
      val spark = SparkSession.builder().appName("ask-about-pictures").getOrCreate()
      try {
        val pictures = spark.read.format("binaryFile").load(folder).select("path", "content")

        // The options are those of the command line; a prompt may name columns, as {path}.
        val options = Map("model" -> model, "image-column" -> "content", "prompt" -> question)
        val answers = SparkVlm.generateTo(output, pictures, options.asJava)

        answers.select("path", "status", "text", "error.message").show(20, truncate = false)
      } finally spark.stop()
    case _ =>
      throw new IllegalArgumentException(s"expected MODEL PICTURES QUESTION ANSWERS, found ${args.length} words")
  }
}
