/**
 * What answered rows asked: their ids and the files of the requests go in. The text of the last turn, the turns before
 * it and small pictures of the media come out, drawn anew from their pixels and without a network. Start reading at
 * {@link io.sparkvlm.job.show.question.QuestionSource} and {@link io.sparkvlm.job.show.question.QuestionReader}.
 */
package io.sparkvlm.job.show.question;
