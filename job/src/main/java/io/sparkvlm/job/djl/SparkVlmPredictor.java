package io.sparkvlm.job.djl;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.sparkvlm.job.run.LocalModel;
import io.sparkvlm.preprocessing.RequestRow;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Hands the requests of a batch to the engine together. Its arrays hold a {@link RequestRow} going in, and its outcome coming out. */
final class SparkVlmPredictor<I, O> extends Predictor<I, O> {
    private final LocalModel open;

    SparkVlmPredictor(Model model, Translator<I, O> translator, LocalModel open) {
        super(model, translator, model.getNDManager().getDevice(), false);
        this.open = open;
    }

    @Override
    protected NDList predictInternal(TranslatorContext context, NDList requests) throws TranslateException {
        List<RequestRow> rows = Carried.out(requests, RequestRow.class);
        try {
            return Carried.in(context.getNDManager(), open.answers(rows));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TranslateException("interrupted while the engine answered", e);
        } catch (IllegalStateException e) {
            throw new TranslateException(e.getMessage(), e);
        } catch (ExecutionException e) {
            throw new TranslateException("the engine broke, load the model again: " + e.getCause(), e);
        }
    }
}
