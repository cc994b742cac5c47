echo 41
kill -SEGV $$
