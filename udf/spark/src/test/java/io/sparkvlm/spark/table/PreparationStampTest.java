package io.sparkvlm.spark.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.preprocessing.request.GenerationParams;
import io.sparkvlm.preprocessing.request.GenerationParams.EndOfSequence;
import io.sparkvlm.preprocessing.request.GenerationParams.SpecialTokens;
import io.sparkvlm.preprocessing.request.GenerationParamsJson;
import io.sparkvlm.spark.LocalSpark;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

final class PreparationStampTest {
    private static final String LAYOUT = "1 "
            + "struct<row_id:string,custom_id:string,prepared_model:string,params:string,"
            + "prepared_prompt:struct<text:string,token_ids:array<int>,"
            + "placeholders:array<struct<token:int,medium:int>>>,media:array<struct<kind:string,"
            + "ref:string,sha256:string,width:int,height:int,resized_width:int,resized_height:int,"
            + "grid_thw:array<int>,frames:array<int>,form:string,files:array<struct<bytes:binary,"
            + "ref:string,param:string>>>>,prepared_prompt_tokens:int,error:struct<code:string,"
            + "type:string,message:string,param:string>,warnings:array<string>,prepared_fetch_ms:double,"
            + "prepared_decode_ms:double> "
            + "{\"max_completion_tokens\":1,\"min_tokens\":0,\"temperature\":1.0,\"top_p\":1.0,\"top_k\":0,"
            + "\"min_p\":0.0,\"frequency_penalty\":0.0,\"presence_penalty\":0.0,\"repetition_penalty\":1.0,"
            + "\"seed\":0,\"logprobs\":true,\"top_logprobs\":0,\"stop\":[],\"stop_token_ids\":[],"
            + "\"ignore_eos\":false,\"skip_special_tokens\":true}";

    @Test
    void answersBearTheNameOfTheModelThatGivesThem() throws Exception {
        Dataset<Row> prepared =
                LocalSpark.session().sql("select * from values ('small'), ('asked for'), (null) as t(prepared_model)");

        Dataset<Row> renamed = madeFor("small").renamed(prepared, madeFor("large"));

        assertThat(renamed.as(Encoders.STRING()).collectAsList()).containsExactly("large", "asked for", null);
    }

    /** A table that is kept is read by later versions of the job, and these read it by this layout. */
    @Test
    void theLayoutOfAKeptTableHasAVersion() {
        GenerationParams params = new GenerationParams(
                new SamplingParams(1, 1, 0, 0, 0, 0, 1, 0, OptionalInt.of(0)),
                1,
                0,
                EndOfSequence.ENDS,
                Set.of(),
                List.of(),
                SpecialTokens.SKIPPED);
        assertThat(PreparationStamp.VERSION + " " + Columns.PREPARED.catalogString() + " "
                        + GenerationParamsJson.write(params))
                .as("what is written is another: raise the version with it")
                .isEqualTo(LAYOUT);
    }

    private static PreparationStamp madeFor(String servedName) {
        return new PreparationStamp(1, "folder", servedName, "fingerprint", 4096, Map.of("seed", "0"));
    }
}
