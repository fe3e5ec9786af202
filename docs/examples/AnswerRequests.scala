import io.sparkvlm.job.SparkVlm
import org.apache.spark.sql.SparkSession

import scala.jdk.CollectionConverters._

/** Answers a folder of requests, one OpenAI body or Batch line a line, and writes the answers as a Parquet table. */
object AnswerRequests {
  def main(args: Array[String]): Unit = args match {
    case Array(model, folder, media, output) =>
      val spark = SparkSession.builder().appName("answer-requests").getOrCreate()
      try {
        val requests = spark.read.text(folder).toDF("request")

        // The options are those of the command line. The model runs here, once, and the table is read back.
        val options = Map("model" -> model, "allowed-local-media-path" -> media)
        val answers = SparkVlm.generateTo(output, requests, options.asJava)

        answers.select("custom_id", "status", "text", "error.message").show(20, truncate = false)
      } finally spark.stop()
    case _ =>
      throw new IllegalArgumentException(s"expected MODEL REQUESTS MEDIA ANSWERS, found ${args.length} words")
  }
}
